"""The command `pagesight`: whole folders of photographs."""
