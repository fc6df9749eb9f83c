"""The load generator of serving.py, a process of its own: requests at Poisson moments, latencies from those moments.

    python benchmarks/open_loop.py REQUESTS.json --port 8000 --rate 100 --seconds 15

REQUESTS.json is a list of whole HTTP requests as text; they are sent in turn. Prints one JSON object.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import time
from collections import deque
from pathlib import Path

CONNECTIONS = 64


async def load(port: int, requests: list[bytes], rate: float, seconds: float, seed: int) -> dict[str, float]:
    """Send at Poisson moments over keep-alive connections; latencies from the scheduled moment."""
    draw = random.Random(seed)
    moments, at = [], 0.0
    while (at := at + draw.expovariate(rate)) < seconds:
        moments.append(at)
    waiting: deque[tuple[float, bytes]] = deque()
    arrived = asyncio.Event()
    latencies: list[float] = []
    failed = 0
    over = False
    start = time.perf_counter() + 0.2

    async def connection() -> None:
        nonlocal failed
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while True:
            while not waiting:
                if over:
                    writer.close()
                    return
                arrived.clear()
                await arrived.wait()
            scheduled, request = waiting.popleft()
            if reader.at_eof():  # the server lets go of connections that were idle for five seconds
                writer.close()
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(head.lower().split(b"content-length:", 1)[1].split(b"\r\n", 1)[0])
            await reader.readexactly(length)
            latencies.append((time.perf_counter() - start - scheduled) * 1000)
            failed += not head.startswith(b"HTTP/1.1 200")

    workers = [asyncio.create_task(connection()) for _ in range(CONNECTIONS)]
    for number, moment in enumerate(moments):
        pause = start + moment - time.perf_counter()
        if pause > 0:
            await asyncio.sleep(pause)
        waiting.append((moment, requests[number % len(requests)]))
        arrived.set()
    over = True
    arrived.set()
    _, late = await asyncio.wait(workers, timeout=15)
    for worker in late:
        worker.cancel()
    latencies.sort()
    missing = len(moments) - len(latencies)

    def at_share(share: float) -> float:
        place = int(share * len(moments))
        return latencies[place] if place < len(latencies) else float("inf")

    return {
        "sent": len(moments),
        "failed": failed + missing,
        "p50_ms": at_share(0.5),
        "p95_ms": at_share(0.95),
        "p99_ms": at_share(0.99),
        "worst_ms": latencies[-1] if latencies else float("inf"),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("requests", type=Path)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--rate", type=float, required=True, help="requests a second")
    parser.add_argument("--seconds", type=float, default=15.0)
    chosen = parser.parse_args()
    requests = [request.encode() for request in json.loads(chosen.requests.read_text())]
    print(json.dumps(asyncio.run(load(chosen.port, requests, chosen.rate, chosen.seconds, seed=1))))


if __name__ == "__main__":
    main()
