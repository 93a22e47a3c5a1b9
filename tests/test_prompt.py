"""Jupyter's kernel manager and client without their waits: as sure of a kernel as Jupyter's own."""

import asyncio
import sys

import pytest

from spls_study.publish import warm
from spls_study.publish.prompt import PromptManager


async def said(kernel: str) -> tuple[list[str], bool]:
    """What a kernel shows of its first request, and whether it lives once it is told to end."""
    manager = PromptManager(kernel_name=kernel)
    await manager.start_kernel()
    client = manager.client()
    client.start_channels()
    await client.wait_for_ready(60)
    request, shown = client.execute("print('premier')"), []
    while True:
        message = await client.get_iopub_msg(timeout=60)
        if message["parent_header"].get("msg_id") == request:
            if message["content"].get("execution_state") == "idle":
                break
            shown += [message["content"]["text"]] if message["msg_type"] == "stream" else []
    client.stop_channels()
    await manager.shutdown_kernel()
    return shown, await manager.is_alive()


@pytest.mark.parametrize("kernel", ["spls", "python3"])
def test_the_first_outputs_are_heard_and_the_kernel_ends(kernel: str) -> None:
    warm.make_findable()
    assert [asyncio.run(said(kernel)) for _ in range(3)] == [(["premier\n"], False)] * 3


def test_a_kernel_that_dies_at_once_is_told() -> None:
    async def started() -> None:
        manager = PromptManager(kernel_name="python3")
        manager.kernel_spec.argv = [sys.executable, "-c", "pass"]
        await manager.start_kernel()
        client = manager.client()
        client.start_channels()
        try:
            await client.wait_for_ready(60)
        finally:
            client.stop_channels()
            await manager.shutdown_kernel(now=True)

    with pytest.raises(RuntimeError, match="died"):
        asyncio.run(started())
