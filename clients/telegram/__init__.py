"""A Telegram bot that shows what a Pagesight server finds in photographs and videos: `python -m clients.telegram`.

An update goes one way: polling or webhook -> inbox -> answering -> Telegram. It is told to Telegram as received only
when it is answered, so that none is lost with this process.
"""
