"""Tests of how `providers` knows its process and its ports."""

import json
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import unittest

import places
import process
import providers


class Processes(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.place = places.Place(pathlib.Path(folder.name))

    def record(self, **fields) -> None:
        self.place.providers.write_text(json.dumps(fields))

    def test_providers_that_were_never_started_do_not_run(self):
        self.assertFalse(providers.running(self.place))
        self.assertFalse(providers.stop(self.place))

    def test_a_pid_that_the_system_gave_to_another_process_is_left_alone(self):
        self.record(pid=os.getpid(), started=(process.start_time(os.getpid()) or 0) - 1)
        self.assertFalse(providers.stop(self.place))

    def test_stopping_ends_the_recorded_process(self):
        fake = subprocess.Popen([sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE)
        self.record(pid=fake.pid, started=process.start_time(fake.pid))
        self.assertTrue(providers.stop(self.place))
        self.assertFalse(providers.running(self.place))
        fake.communicate()

    def test_the_ports_of_last_time_are_taken_again_unless_somebody_else_has_one(self):
        first = providers.ports_for(self.place)
        self.assertNotEqual(first["stripe"], first["creem"])
        self.record(ports=first)
        self.assertEqual(providers.ports_for(self.place), first)
        with socket.create_server((process.HOST, first["creem"])):
            again = providers.ports_for(self.place)
        self.assertEqual(again["stripe"], first["stripe"])
        self.assertNotEqual(again["creem"], first["creem"])


if __name__ == "__main__":
    unittest.main()
