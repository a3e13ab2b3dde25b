"""Echoes every message: python3 echo_server.py PORT, 0 for any free one. Prints its port when it listens.

Ends in order, with Close 1001 to everybody, when its standard input ends: so it never outlives the test.
"""

import asyncio
import logging
import sys

import websockets


async def echo(connection):
    async for message in connection:
        await connection.send(message)


async def main():
    logging.getLogger("websockets").setLevel(logging.CRITICAL)  # that clients vanish is what the tests are about
    server = await websockets.serve(
        echo, "127.0.0.1", int(sys.argv[1]), max_size=2 * 1024 * 1024, compression=None, ping_interval=None
    )
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    server.close()
    await server.wait_closed()


asyncio.run(main())
