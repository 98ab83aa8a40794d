"""What a worker that ends does with a connection that it accepted and that has sent nothing yet."""

import selectors
import socket
from collections import deque
from concurrent.futures import Future
from types import SimpleNamespace

from gunicorn.workers.gthread import _DEFER, TConn

from api.server.worker import Worker


def test_connection_accepted_before_the_end_may_still_send_its_request():
    worker = Worker.__new__(Worker)  # without a server around it
    worker.alive, worker.nr_conns, worker.cfg = False, 1, SimpleNamespace(keepalive=5)
    worker.poller, worker.pending_conns = selectors.DefaultSelector(), deque()
    served: list[TConn] = []
    worker.enqueue_req = served.append
    silent: Future[object] = Future()
    silent.set_result(_DEFER)
    visitor, accepted = socket.socketpair()
    with visitor, accepted, worker.poller:
        worker.finish_request(TConn(worker.cfg, accepted, None, None), silent)
        visitor.sendall(b"GET /readyz HTTP/1.1\r\nHost: here\r\n\r\n")
        worker.wait_for_and_dispatch_events(timeout=10)
    assert len(served) == 1
