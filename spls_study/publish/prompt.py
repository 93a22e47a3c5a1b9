"""Jupyter's kernel manager and client, without their waits: 0.3 s a run, in which nothing happens.

A run is ready when the kernel has said all it says of it, not after a fifth of a second of
silence; its end is seen at once, not at the next tenth of a second. How a kernel ended, and the
last that it said on standard error, are kept: Jupyter tells neither.
"""

from pathlib import Path
from queue import Empty
from time import monotonic
from typing import Any

from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.manager import AsyncKernelManager
from traitlets import Type

POLL = 0.005  # seconds
FORCED = (-9, -15)  # SIGKILL, SIGTERM: sent by somebody, or by a system without memory left


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
    """A kernel's manager that tells how the kernel ended.

    What a kernel says on standard error, outside cells, is Jupyter's own and in English: it goes
    to a file, of which `ending` quotes the last line.
    """

    client_factory = Type(PromptClient)
    code: int | None = None

    async def _async_wait(self, pollinterval: float = POLL) -> None:
        await super()._async_wait(POLL)

    async def _async_launch_kernel(self, kernel_cmd: list[str], **kw: Any) -> None:
        with self._words.open("wb") as stream:
            await super()._async_launch_kernel(kernel_cmd, **kw, stderr=stream)

    _launch_kernel = _async_launch_kernel

    async def _async_is_alive(self) -> bool:
        if self.provisioner is not None and self.has_kernel and self.code is None and not self.shutting_down:
            self.code = await self.provisioner.poll()
        return await super()._async_is_alive()

    is_alive = _async_is_alive

    @property
    def _words(self) -> Path:
        return Path(f"{self.connection_file}.stderr")

    def ending(self, started: bool) -> str:
        """One French sentence: how the kernel ended, once `started` or before any cell."""
        if not started:
            told = "Le noyau n'a jamais répondu\u00a0: aucune cellule n'a été exécutée"
        elif self.code is None:
            told = "Le noyau ne répond plus"
        elif self.code in FORCED:
            told = (
                f"Le noyau a été arrêté de force (signal {-self.code})\u00a0: par quelqu'un, "
                "ou par le système quand la mémoire manque"
            )
        elif self.code < 0:
            told = f"Le noyau a planté (signal {-self.code})\u00a0: faute d'une bibliothèque"
        else:
            told = f"Le noyau s'est terminé de lui-même, avec le code {self.code}"
        said = self._last_line()
        return f"{told}. Il a dit\u00a0: «\u00a0{said}\u00a0»." if said else f"{told}."

    def _last_line(self) -> str:
        """The fault that Python names, else the last line."""
        try:
            lines = self._words.read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError:
            return ""
        said = [line.strip() for line in lines if line.strip()]
        return next((line for line in said if line.startswith("Fatal Python error")), said[-1] if said else "")
