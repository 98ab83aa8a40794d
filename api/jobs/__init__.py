"""Work that outlives a request: what is kept of it, the queue, and the worker's steps. Only this folder imports dbos.

The engine is DBOS Transact: durable workflows in SQLite on one machine, in PostgreSQL on many. The web process asks
(`client.py`, never launched there), the worker works (`workflow.py`). No queue, lease or retry is our own.
"""
