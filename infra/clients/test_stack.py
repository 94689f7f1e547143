"""The running stack as others meet it: a journey with a generated client, and calls that schemathesis makes up.

The stack is the one that `REELSMITH_STACK` names; `make test` starts it.
"""

import importlib
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import threading
import time
import types
import unittest

import boto3

import generators
import places

STACK_VARIABLE = "REELSMITH_STACK"
JOB_S_MAX = 480
# The same seed makes the same calls of the same document.
SEED = 20261121
# Calls of each operation that are made up at random, beside those that its limits ask for.
EXAMPLES_MAX = 8
# Checks that hold of other APIs and not of this one, each for a reason.
UNCHECKED = {
    # A body that the schema allows may still be refused: a voice of another language, a script whose times leave a gap.
    "positive_data_acceptance",
}
WINDOWS_S = 5
# The end of a report, which says what failed.
REPORT_CHARS = 20_000


def stack() -> dict[str, str]:
    return json.loads(pathlib.Path(os.environ[STACK_VARIABLE]).read_text())


class GeneratedClient(unittest.TestCase):
    """A keyword becomes a video by what openapi-python-client made of the document."""

    client: types.ModuleType

    @classmethod
    def setUpClass(cls) -> None:
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        generators.python_client(pathlib.Path(folder.name) / "reelsmith_client")
        sys.path.insert(0, folder.name)
        cls.addClassCleanup(sys.path.remove, folder.name)
        cls.client = importlib.import_module("reelsmith_client")

    def operation(self, name: str) -> types.ModuleType:
        return importlib.import_module(f"reelsmith_client.api.{name}")

    def model(self, name: str, value: dict) -> object:
        models = importlib.import_module("reelsmith_client.models")
        return getattr(models, name).from_dict(value)

    def test_a_keyword_becomes_a_video(self) -> None:
        given = stack()
        caller = self.client.AuthenticatedClient(
            base_url=given["api_url"], token=given["api_key"], prefix="", auth_header_name="x-api-key", timeout=60
        )
        before = self.operation("credits_.show_balance").sync(client=caller).data.available
        settings = {"keyword": "How bees make honey", "duration_s": 5}
        wanted = self.model("CreateProjectRequest", {"settings": settings})
        made = self.operation("projects.create_project").sync_detailed(client=caller, body=wanted)
        self.assertEqual(made.status_code, 201)
        project = made.parsed.data.id
        self.assertEqual(made.headers["location"], f"/v1/projects/{project}")
        # The body is optional; this generator cannot leave one out.
        body = self.model("StartJobRequest", {})
        started = self.operation("generation.generate_all").sync_detailed(project, client=caller, body=body)
        self.assertEqual(started.status_code, 202)
        job = started.parsed.data.job_id
        self.assertTrue(started.headers["location"].endswith(f"/generation-status/{job}"))
        ended = self.ended(caller, project, job)
        self.assertEqual(ended.status, "completed")
        receipt = self.operation("credits_.show_receipt").sync(job, client=caller).data
        after = self.operation("credits_.show_balance").sync(client=caller).data.available
        self.assertEqual(before - after, receipt.charged)
        listed = self.operation("projects.list_projects").sync(client=caller, limit=100).data.items
        self.assertIn(project, [one.id for one in listed])
        self.assertIsNotNone(self.operation("usage.list_alerts").sync(client=caller).data)

    def ended(self, caller: object, project: str, job: str) -> types.SimpleNamespace:
        """The job once it has ended, asked for as often as the API says."""
        deadline = time.monotonic() + JOB_S_MAX
        while time.monotonic() < deadline:
            answer = self.operation("generation.show_status").sync_detailed(project, job, client=caller)
            if answer.parsed.data.status in ("completed", "failed"):
                self.assertNotIn("retry-after", answer.headers)
                return answer.parsed.data
            time.sleep(int(answer.headers["retry-after"]))
        raise AssertionError(f"{job} has not ended after {JOB_S_MAX} s")


class MadeUpCalls(unittest.TestCase):
    """Every operation, with what its schemas allow and with what they do not."""

    def test_every_answer_is_one_of_the_document(self) -> None:
        given = stack()
        with OpenedWindows(given):
            done = subprocess.run(
                [
                    *(places.venv("schemathesis"), "run", str(generators.DOCUMENT), "--url", given["api_url"]),
                    *("--header", f"x-api-key: {given['api_key']}", "--seed", str(SEED)),
                    *("--max-examples", str(EXAMPLES_MAX), "--phases", "examples,coverage,fuzzing"),
                    *("--exclude-checks", ",".join(sorted(UNCHECKED)), "--continue-on-failure", "--no-color"),
                    # The one operation that would end the sessions of everybody else who tests this stack.
                    *("--exclude-operation-id", "log_out"),
                ],
                env=generators.environment(),
                capture_output=True,
                text=True,
                check=False,
            )
        print(done.stdout[-REPORT_CHARS:])
        self.assertEqual(done.returncode, 0, done.stderr)


class OpenedWindows:
    """Deletes the rate windows while it lasts: what is above a limit is answered alike whatever was asked."""

    def __init__(self, given: dict[str, str]):
        self.table = boto3.Session(
            aws_access_key_id=given["access_key_id"],
            aws_secret_access_key=given["secret_access_key"],
            region_name=given["region"],
        ).resource("dynamodb", endpoint_url=given["endpoint"])
        self.table = self.table.Table(given["ephemeral_table"])
        self.over = threading.Event()
        self.thread = threading.Thread(target=self.work)

    def __enter__(self) -> None:
        self.thread.start()

    def __exit__(self, *_: object) -> None:
        self.over.set()
        self.thread.join()

    def work(self) -> None:
        while not self.over.wait(WINDOWS_S):
            for row in self.table.scan()["Items"]:
                if row["pk"].startswith("HIT#"):
                    self.table.delete_item(Key={"pk": row["pk"]} | ({"sk": row["sk"]} if "sk" in row else {}))


if __name__ == "__main__":
    unittest.main()
