"""Tests of how `cloud` knows its process."""

import json
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import unittest

import cloud
import places
import process


class Processes(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.place = places.Place(pathlib.Path(folder.name))

    def record(self, pid: int, started: int | None) -> None:
        self.place.process.write_text(json.dumps({"pid": pid, "started": started, "port": 1}))

    def test_a_place_that_was_never_started_does_not_run(self):
        self.assertFalse(cloud.running(self.place))
        self.assertFalse(cloud.stop(self.place))

    def test_a_process_is_known_by_pid_and_start_time(self):
        self.record(os.getpid(), process.start_time(os.getpid()))
        self.assertTrue(cloud.running(self.place))

    def test_a_pid_that_the_system_gave_to_another_process_is_left_alone(self):
        with subprocess.Popen([sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE) as other:
            self.record(other.pid, (process.start_time(other.pid) or 0) - 1)
            self.assertFalse(cloud.stop(self.place))
            self.assertIsNone(other.poll())
            other.communicate()

    def test_a_process_that_has_ended_has_no_start_time(self):
        ended = subprocess.Popen([sys.executable, "-c", ""])
        ended.wait()
        self.assertIsNone(process.start_time(ended.pid))

    def test_stopping_ends_the_whole_group_and_only_that(self):
        leader = subprocess.Popen(
            [sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE, start_new_session=True
        )
        self.record(leader.pid, process.start_time(leader.pid))
        self.assertTrue(cloud.stop(self.place))
        self.assertIsNone(process.start_time(leader.pid))
        leader.communicate()

    def test_a_taken_port_is_an_error_and_not_another_port(self):
        with socket.create_server((cloud.HOST, 0)) as taken:
            self.place.process.write_text(json.dumps({"port": taken.getsockname()[1]}))
            with self.assertRaisesRegex(SystemExit, "in use"):
                cloud.port_for(self.place)


if __name__ == "__main__":
    unittest.main()
