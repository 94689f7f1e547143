"""Manifests, templates, code, samples and tests say the same; the generated tables are those of the manifests."""

import pathlib
import tempfile
import unittest

import manifests
import pages
import template_facts
import tree


class TheTree(unittest.TestCase):
    def test_manifests_templates_code_samples_and_tests_agree(self) -> None:
        self.assertEqual(manifests.problems(), [])

    def test_the_generated_tables_are_up_to_date(self) -> None:
        for name, text in pages.pages().items():
            committed = template_facts.ROOT / pages.FOLDER / name
            self.assertEqual(committed.read_text() if committed.exists() else "", text, f"{name}: run `make docs`")


class EachDifferenceIsFound(unittest.TestCase):
    root: pathlib.Path

    @classmethod
    def setUpClass(cls) -> None:
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.root = tree.copy(pathlib.Path(folder.name))

    def edit(self, path: str, old: str, new: str) -> None:
        """Changes a file until the test ends."""
        (file,) = self.root.glob(path)
        text = file.read_text()
        self.assertIn(old, text)
        file.write_text(text.replace(old, new, 1))
        self.addCleanup(file.write_text, text)

    def assert_found(self, words: str) -> None:
        found = manifests.problems(self.root)
        self.assertEqual(len(found), 1, found)
        self.assertIn(words, found[0])

    def test_another_size(self) -> None:
        self.edit("functions/**/render-chunk/function.toml", "timeout_s = 300", "timeout_s = 301")
        self.assert_found("timeout_s is 301, and 300 in the template")

    def test_another_right(self) -> None:
        self.edit("functions/**/render-chunk/function.toml", '"media:list", ', "")
        self.assert_found("needs is")

    def test_another_route(self) -> None:
        self.edit("functions/**/sweep-jobs/function.toml", "rate(1 minute)", "rate(2 minutes)")
        self.assert_found("source is rate(2 minutes)")

    def test_another_access_than_the_codes(self) -> None:
        self.edit("functions/**/cancel-job/function.toml", '"create"', '"read"')
        self.assert_found("access is ['Read'], and ['Create'] in the code")

    def test_a_function_without_a_sample(self) -> None:
        samples = self.root / "events" / "health"
        away = samples.rename(self.root / "health")
        self.addCleanup(away.rename, samples)
        self.assert_found("no sample in events/health/")

    def test_samples_without_a_function(self) -> None:
        folder = self.root / "events" / "no-such"
        folder.mkdir()
        self.addCleanup(folder.rmdir)
        self.assert_found("events/no-such/ belongs to no function")

    def test_a_variable_that_nobody_describes(self) -> None:
        self.edit("infra/variables.toml", "MAIL_FROM", "MAILS_FROM")
        self.assertEqual(len(manifests.problems(self.root)), 3)


class NeedsInWords(unittest.TestCase):
    def needs(self, action: object, resource: object) -> set[str]:
        return template_facts.needs([{"Action": action, "Resource": resource}])

    def test_a_table_is_read_or_written(self) -> None:
        table = {"Fn::GetAtt": "LedgerTable.Arn"}
        self.assertEqual(self.needs(["dynamodb:GetItem", "dynamodb:Query"], table), {"ledger:read"})
        self.assertEqual(self.needs("dynamodb:PutItem", table), {"ledger:write"})

    def test_the_ephemeral_table_by_its_use(self) -> None:
        table = {"Fn::GetAtt": "EphemeralTable.Arn"}
        self.assertEqual(self.needs("dynamodb:UpdateItem", table), {"call-windows"})
        self.assertEqual(self.needs(["dynamodb:GetItem", "dynamodb:PutItem"], table), {"answers-once"})

    def test_queues_and_machines_by_their_names(self) -> None:
        self.assertEqual(
            self.needs("sqs:SendMessage", {"Fn::GetAtt": "PaymentEventsQueue.Arn"}), {"payment-events:send"}
        )
        machine = {"Fn::Sub": "arn:aws:states:us-east-1:1:stateMachine:${AWS::StackName}-shortform"}
        self.assertEqual(self.needs("states:StartExecution", machine), {"shortform:start"})

    def test_a_secret_by_its_name(self) -> None:
        secret = {"Fn::Sub": "arn:aws:secretsmanager:us-east-1:1:secret:${Prefix}/stripe-??????"}
        self.assertEqual(self.needs("secretsmanager:GetSecretValue", secret), {"secret:stripe"})

    def test_an_action_that_has_no_word_is_an_error(self) -> None:
        with self.assertRaises(ValueError):
            self.needs("s3:PutBucketPolicy", "*")


if __name__ == "__main__":
    unittest.main()
