"""Atlan's SDK: the asynchronous client, with concurrent requests."""

from __future__ import annotations

import asyncio

import pytest
from pyatlan.client.aio import AsyncAtlanClient
from pyatlan.errors import NotFoundError
from pyatlan.model.assets import Asset, Process, Table
from pyatlan.model.fluent_search import CompoundQuery, FluentSearch

CONNECTION = "default/snowflake/1657025257"


def process(number):
    return Process.creator(
        name=f"p{number}",
        connection_qualified_name=CONNECTION,
        process_id=f"p{number}",
        inputs=[Table.ref_by_qualified_name(f"{CONNECTION}/OPS/DEFAULT/A")],
        outputs=[Table.ref_by_qualified_name(f"{CONNECTION}/OPS/DEFAULT/B")],
    )


@pytest.fixture
def run(atlan):
    """Runs a coroutine function with a new client."""

    def with_client(work):
        async def main():
            client = AsyncAtlanClient(base_url=atlan.server.base_url, api_key=atlan.server.api_key)
            try:
                return await work(client)
            finally:
                await client.aclose()

        return asyncio.run(main())

    return with_client


def test_assets_are_saved_read_searched_and_purged(run):
    async def work(client):
        (created,) = (await client.asset.save(process(1))).assets_created(Process)
        read = await client.asset.get_by_guid(created.guid, asset_type=Process, ignore_relationships=False)
        assert [one.display_text for one in read.inputs] == ["A"]
        search = FluentSearch().where(CompoundQuery.asset_type(Process)).where(Asset.NAME.eq("p1"))
        found = await client.asset.search(search.to_request())
        assert [one.guid async for one in found] == [created.guid]
        response = await client.asset.purge_by_guid(created.guid)
        assert len(response.assets_deleted(Process)) == 1
        with pytest.raises(NotFoundError):
            await client.asset.get_by_guid(created.guid, asset_type=Process)

    run(work)


def test_many_requests_run_concurrently(run, atlan):
    async def work(client):
        responses = await asyncio.gather(*(client.asset.save(process(number % 8)) for number in range(40)))
        return [one for response in responses for one in response.assets_created(Process)]

    created = run(work)
    assert len(created) == 8
    assert atlan.raw.get("/_local/assets?type=Process").json()["total"] == 8
    assert atlan.server.stats()["answers"] == {"200": 40}
