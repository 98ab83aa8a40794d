"""German."""

from clients.telegram.texts.types import Texts

TEXTS = Texts(
    start="Schick mir ein Foto, ein Album oder ein kurzes Video, und ich zeige, was darauf ist.",
    help="Ich nehme Fotos, Alben, Videos und Animationen, auch als Datei, bis 20 MB. Ein Foto, das als Datei"
    " geschickt wird, wird unterwegs nicht verkleinert; darauf findet sich mehr.",
    in_groups="Nenne mich in einer Gruppe (@{name}) beim Bild oder in der Antwort auf eines.",
    privacy="Ich behalte nichts. Ein Bild geht von Telegram durch meinen Arbeitsspeicher an den Server, der es"
    " ansieht, und ist vergessen, sobald du die Antwort hast. Nichts davon steht in einem Protokoll. Was wir uns"
    " schicken, steht in diesem Chat, so wie Telegram ihn aufbewahrt.",
    privacy_of_videos="Ein Video liegt auf dem Server, solange daran gearbeitet wird, und wird dort mit der Antwort"
    " vergessen.",
    privacy_of_video_links="Ein Video liegt auf dem Server, solange daran gearbeitet wird, und eine begrenzte Zeit"
    " danach, damit sein Link etwas zeigt; bis wann, sagt die Seite, und „Jetzt vergessen“ dort löscht es sofort.",
    commands={"start": "Was das ist", "help": "Was man schicken kann", "privacy": "Was mit deinen Bildern geschieht"},
    hint="Schick mir ein Foto oder ein Video; /help sagt mehr.",
    percent="{number} %",
    times="{count} × {label}",  # noqa: RUF001
    more="… und {count} weitere",
    nothing="Nichts gefunden.",
    no_text="Kein Text gefunden.",
    open_page="Zur Seite",
    open_video="Das Video auf der Seite öffnen",
    not_a_picture="Das ist weder ein Foto noch ein Video, das ich lesen kann. Schick JPEG, PNG, WebP, HEIC, MP4 oder"
    " MOV.",
    too_large_for_telegram="Telegram gibt Bots Dateien bis 20 MB. Schick eine kleinere, oder schick sie als Foto.",
    too_large="Diese Datei ist dem Server zu groß. Schick eine kleinere, oder schick sie als Foto.",
    refused="Diese Datei geht nicht: Sie ist beschädigt oder hat zu viele Pixel. Schick eine andere.",
    no_videos="Dieser Server nimmt keine Videos. Schick ein Foto.",
    video_failed="Dieses Video geht nicht: Es ist beschädigt, zu lang oder zu groß. Schick ein anderes.",
    video_too_long="Dieses Video dauert zu lange. Schick ein kürzeres.",
    video_goes_on="Dieses Video dauert länger. Es wird auf der Seite zu sehen sein.",
    busy="Der Server hat gerade zu viel zu tun. Schick es in ein paar Minuten noch einmal.",
    away="Der Server ist gerade nicht zu erreichen. Schick es später noch einmal.",
    failed="Hier ist etwas schiefgegangen, nicht mit deiner Datei. Schick sie später noch einmal.",
    too_much="Das war viel auf einmal. In {seconds} Sekunden sehe ich mir mehr an; schick den Rest dann noch einmal.",
)
