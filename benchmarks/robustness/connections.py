"""Connections to a server that are kept open, for many requests from one thread."""

import asyncio


class Connections:
    """Connections to the server that are kept open, taken and given back."""

    def __init__(self, port: int, most: int) -> None:
        self._port = port
        self._idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []
        self._free = most

    @property
    def are_used_up(self) -> bool:
        """Whether no more requests can be under way."""
        return self._free == 0

    async def ask(self, request: bytes) -> tuple[int, bool]:
        """Send a request; returns the status and whether a Retry-After came with it."""
        self._free -= 1
        try:
            reader, writer, head = await self._send(request)
            fields = head.lower()
            length = int(fields.partition(b"content-length: ")[2].partition(b"\r\n")[0])
            await reader.readexactly(length)
            if b"connection: close" in fields:
                writer.close()
            else:
                self._idle.append((reader, writer))
            return int(head.split(b" ", 2)[1]), b"\r\nretry-after: " in fields
        finally:
            self._free += 1

    async def _send(self, request: bytes) -> tuple[asyncio.StreamReader, asyncio.StreamWriter, bytes]:
        """Send it over an idle connection, or a new one where the server has just closed that for its idleness."""
        while self._idle:
            reader, writer = self._idle.pop()
            try:
                writer.write(request)
                return reader, writer, await reader.readuntil(b"\r\n\r\n")
            except (ConnectionError, asyncio.IncompleteReadError) as error:
                writer.close()
                if isinstance(error, asyncio.IncompleteReadError) and error.partial:
                    raise
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        writer.write(request)
        return reader, writer, await reader.readuntil(b"\r\n\r\n")

    def close(self) -> None:
        """Close those that are idle."""
        for _, writer in self._idle:
            writer.close()
