"""English."""

from clients.telegram.texts.types import Texts

TEXTS = Texts(
    start="Send me a photograph, an album or a short video, and I show what is in it.",
    help="I take photographs, albums, videos and animations, also as files, of up to 20 MB. A photograph that is sent"
    " as a file is not made smaller on the way, so more is found in it.",
    in_groups="In a group, name me (@{name}) with the picture, or in a reply to one.",
    privacy="I keep nothing. A picture goes from Telegram by way of my memory to the server that looks at it, and is"
    " forgotten as soon as you have the answer. Nothing of it is in a log. What you and I send each other is in this"
    " chat, as Telegram keeps it.",
    privacy_of_videos="A video lies on the server while it is worked on, and is forgotten there with the answer.",
    privacy_of_video_links="A video lies on the server while it is worked on, and for a limited time after that, so"
    " that its link works; the page says until when, and “Forget now” there ends it at once.",
    commands={"start": "What this is", "help": "What can be sent", "privacy": "What happens to your pictures"},
    hint="Send me a photograph or a video; /help says more.",
    percent="{number}%",
    times="{count} × {label}",  # noqa: RUF001
    more="… and {count} more",
    nothing="Nothing found.",
    no_text="No text found.",
    open_page="Open the page",
    open_video="Open the video on the page",
    not_a_picture="This is neither a photograph nor a video that I can read. Send JPEG, PNG, WebP, HEIC, MP4 or MOV.",
    too_large_for_telegram="Telegram gives bots files of up to 20 MB. Send a smaller one, or send it as a photograph.",
    too_large="This file is too large for the server. Send a smaller one, or send it as a photograph.",
    refused="This file cannot be used: it is damaged, or has too many pixels. Send another one.",
    no_videos="This server takes no videos. Send a photograph.",
    video_failed="This video cannot be used: it is damaged, too long or too large. Send another one.",
    video_too_long="This video takes too long. Send a shorter one.",
    video_goes_on="This video takes longer. It will be on the page.",
    busy="The server has too much to do just now. Send it again in a few minutes.",
    away="The server cannot be reached just now. Send it again later.",
    failed="Something went wrong here, and not with your file. Send it again later.",
    too_much="That was a lot at once. I look at more in {seconds} seconds; send the rest again then.",
)
