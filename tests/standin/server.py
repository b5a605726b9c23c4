"""The HTTP server on loopback: one thread a connection, and the faults that live in sockets."""

import contextlib
import socket
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import cast

from tests.standin.api import Request
from tests.standin.idempotency import Answer

# Returns an answer, or None to hang up without one.
App = Callable[[Request], Answer | None]


class LoopbackServer(ThreadingHTTPServer):
    """Serves an app on 127.0.0.1 from background threads."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.app: App | None = None
        self._thread: threading.Thread | None = None
        self._closing = threading.Event()
        self._open: set[socket.socket] = set()

    @property
    def url(self) -> str:
        """The server's origin, without a slash at the end."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def start(self, app: App) -> None:
        """Begin to answer."""
        self.app = app
        self._thread = threading.Thread(target=self.serve_forever, args=(0.005,), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop answering, free the port and end every wait and every open connection."""
        self._closing.set()
        if self._thread is not None:
            self.shutdown()
            self._thread.join()
        self.server_close()
        for connection in list(self._open):
            with contextlib.suppress(OSError):  # the client may have hung up first
                connection.shutdown(socket.SHUT_RDWR)

    def wait(self, seconds: float) -> None:
        """Sleep inside a request, but no longer than the server lives."""
        self._closing.wait(seconds)

    def opened(self, connection: socket.socket) -> None:
        """Remember a connection that stays open between requests."""
        self._open.add(connection)

    def closed(self, connection: socket.socket) -> None:
        """Forget a connection."""
        self._open.discard(connection)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "nginx"
    sys_version = ""
    disable_nagle_algorithm = True
    wbufsize = -1
    timeout = 60

    @property
    def _server(self) -> LoopbackServer:
        return cast(LoopbackServer, self.server)

    def setup(self) -> None:
        super().setup()
        self._server.opened(self.connection)

    def finish(self) -> None:
        self._server.closed(self.connection)
        with contextlib.suppress(OSError):  # nothing is left to flush when the client is gone
            super().finish()

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def do_DELETE(self) -> None:
        self._answer()

    def _answer(self) -> None:
        length = int(self.headers.get("Content-Length", "0"))
        body = self.rfile.read(length)
        if len(body) < length:  # whoever asked was cut off: half a request is none
            self.close_connection = True
            return
        path, _, query = self.path.partition("?")
        request = Request(
            method=self.command,
            path=path,
            query=query,
            body=body.decode("utf-8", "replace"),
            headers={name.lower(): value for name, value in self.headers.items()},
        )
        app = self._server.app
        answer = app(request) if app is not None else None
        if answer is None:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)

    def log_message(self, format: str, *args: object) -> None:
        """Keep quiet; the journal and the delivery log say what happened."""
