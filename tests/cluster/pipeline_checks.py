"""Promises of a pipeline on which every service runs: nothing lost, nothing twice, every figure right."""

from tests.support.pipeline import Pipeline, awaited
from tests.support.promises import broken, judged


async def settled(pipeline: Pipeline) -> None:
    """Wait until everything that was published has a number, and is counted."""
    persons, cases, _ = pipeline.deployment.logs
    inbound = [pipeline.deployment.inbound(each) for each in pipeline.deployment.publishers]
    read = {"judged": inbound, "referred": [persons], "tracked": [cases]}
    connection = await pipeline.connect()

    async def whole() -> bool:
        row = await connection.fetchrow(
            "SELECT (SELECT last_n FROM intake.line) AS given, (SELECT last_n FROM intake.relay) AS relayed,"
            " (SELECT coalesce(max(complete_to), 0) FROM reporting.figure_status) AS complete,"
            " (SELECT coalesce(sum(next_offset), 0) FROM intake.position) AS judged,"
            " (SELECT coalesce(sum(next_offset), 0) FROM referral.position) AS referred,"
            " (SELECT coalesce(sum(next_offset), 0) FROM case_tracker.position) AS tracked,"
            " EXISTS (SELECT FROM referral.outbox WHERE NOT sent) AS referring,"
            " EXISTS (SELECT FROM case_tracker.outbox WHERE NOT sent) AS tracking"
        )
        assert row is not None
        ends = {name: sum(pipeline.ends(topics).values()) for name, topics in read.items()}
        quiet = all(row[name] >= end for name, end in ends.items()) and not row["referring"] and not row["tracking"]
        return quiet and row["given"] == row["relayed"] == row["complete"]

    try:
        await awaited(whole, "all is counted", 180)
    finally:
        await connection.close()


async def kept(pipeline: Pipeline) -> list[str]:
    """Give every promise that does not hold, by the old version's code. Services' own decisions are in the log too."""
    accepted, _ = judged(pipeline.submitted)
    connection = await pipeline.connect()
    try:
        rows = await connection.fetch("SELECT source, id, digest FROM intake.inbox")
    finally:
        await connection.close()
    found = {(row["source"], str(row["id"])): row["digest"] for row in rows}
    lost = [key for key, digest in accepted.items() if found.get(key) != digest]
    others = [each for each in await broken(pipeline) if "0 accepted events are missing" not in each]
    return [*others, *([f"{len(lost)} events were lost or changed"] if lost else [])]
