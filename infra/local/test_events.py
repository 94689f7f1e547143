"""The short form of sample events, against the example that `tests/testkit/src/events.rs` is held to as well."""

import json
import pathlib
import unittest

import events

EXAMPLES = pathlib.Path(__file__).parent / "testdata"


def example(name: str) -> dict:
    return json.loads((EXAMPLES / f"{name}.json").read_text())


class ShortForm(unittest.TestCase):
    def test_it_stands_for_the_event_in_full(self):
        made = events.expanded(example("event_short"))
        made["body"] = json.loads(made["body"])
        found = made["requestContext"]["authorizer"]["lambda"]
        found["caller"] = json.loads(found["caller"])
        self.assertEqual(made, example("event_in_full"))

    def test_an_event_in_full_stays_as_it_is(self):
        full = example("event_in_full")
        self.assertEqual(events.expanded(full), full)

    def test_nobody_calls_without_credentials_and_a_text_is_sent_as_it_is(self):
        made = events.expanded({"method": "POST", "path": "/v1/projects", "caller": None, "body": "{"})
        self.assertNotIn("authorizer", made["requestContext"])
        self.assertNotIn("authorization", made["headers"])
        self.assertEqual(made["body"], "{")


if __name__ == "__main__":
    unittest.main()
