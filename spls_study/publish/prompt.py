"""Jupyter's kernel manager and client, without their waits: 0.3 s a run, in which nothing happens.

A run is ready when the kernel has said all it says of it, not after a fifth of a second of
silence; its end is seen at once, not at the next tenth of a second.
"""

from queue import Empty
from time import monotonic
from typing import Any

from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.manager import AsyncKernelManager
from traitlets import Type

POLL = 0.005  # seconds


class PromptClient(AsyncKernelClient):
    """A client that is ready with the last message about its first request."""

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Wait until the kernel answers and its outputs are heard.

        Raises
        ------
        RuntimeError
            When the kernel dies first, or `timeout` seconds have passed.
        """
        end = monotonic() + (timeout or float("inf"))
        while not await self._answers():
            if not await self.is_alive():
                raise RuntimeError("Kernel died before replying to kernel_info")
            if monotonic() > end:
                raise RuntimeError(f"Kernel didn't respond in {timeout} seconds")

    async def _answers(self) -> bool:
        request = self.kernel_info()
        try:
            reply = await self.get_shell_msg(timeout=1)
            while reply["parent_header"].get("msg_id") != request:
                reply = await self.get_shell_msg(timeout=1)
            while not _is_end(message := await self.get_iopub_msg(timeout=0.2), request):
                if message["msg_type"] == "iopub_welcome":  # heard from now on
                    return False
        except Empty:  # not there yet, or its outputs not heard yet: ask again
            return False
        self._handle_kernel_info_reply(reply)
        return True


def _is_end(message: dict[str, Any], request: str) -> bool:
    """Whether the kernel says that it has done with the request."""
    done = message["content"].get("execution_state") == "idle"
    return done and bool(message["parent_header"].get("msg_id") == request)


class PromptManager(AsyncKernelManager):
    client_factory = Type(PromptClient)

    async def _async_wait(self, pollinterval: float = POLL) -> None:
        await super()._async_wait(POLL)
