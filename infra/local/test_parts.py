"""Tests of the template and its parts, as SAM translates them."""

import functools
import re
import unittest

import parts
import places

RUNBOOKS = places.ROOT / "docs" / "runbooks"


@functools.cache
def translated(path) -> dict:
    """A part, translated; what it would be without any package."""
    return parts.translated(parts.packaged(path, lambda name: {"Bucket": "packages", "Key": name}))


def of_type(kind: str, paths=places.TEMPLATES) -> dict[str, dict]:
    """The properties of every resource of one type, in some or in all parts."""
    return {
        name: resource["Properties"]
        for path in paths
        for name, resource in translated(path)["Resources"].items()
        if resource["Type"] == kind
    }


def as_list(value) -> list:
    return value if isinstance(value, list) else [value]


class Parts(unittest.TestCase):
    def test_the_root_names_every_part_once(self):
        named = list(parts.nested(parts.read(places.TEMPLATE)).values())
        self.assertEqual(sorted(named), sorted(places.TEMPLATES[1:]))

    def test_no_part_has_more_resources_than_it_may(self):
        counts = {path.name: len(translated(path)["Resources"]) for path in places.TEMPLATES}
        self.assertEqual({name: count for name, count in counts.items() if count > parts.RESOURCES_MAX}, {}, counts)

    def test_the_root_gives_each_part_exactly_its_parameters(self):
        root = parts.read(places.TEMPLATE)
        for name, path in parts.nested(root).items():
            given = root["Resources"][name]["Properties"]["Parameters"]
            self.assertEqual(sorted(given), sorted(parts.read(path)["Parameters"]), name)

    def test_no_name_is_made_twice(self):
        names = [name for path in places.TEMPLATES[1:] for name in translated(path)["Resources"]]
        twice = sorted({name for name in names if names.count(name) > 1})
        self.assertEqual(twice, [])

    def test_every_name_that_a_part_uses_is_made_by_one(self):
        lines = [line for path in places.TEMPLATES for line in path.read_text().splitlines()]
        for used, made in (
            (r"\$\{Prefix\}-([a-z-]*[a-z])", r"Name: !Sub '?\$\{Prefix\}-([a-z-]*[a-z])"),
            (r"/reelsmith/\$\{Prefix\}/([a-z]+)", r"LogGroupName: !Sub '?/reelsmith/\$\{Prefix\}/([a-z]+)"),
            (r"policy/\$\{Prefix\}(-[^']+)", r"ManagedPolicyName: !Sub \$\{Prefix\}(-.+)"),
            (r"/index/([a-z_]+)", r"IndexName: ([a-z_]+)"),
        ):
            names = {name for line in lines for name in re.findall(made, line)}
            missing = {name for line in lines for name in re.findall(used, line)} - names
            self.assertEqual(missing, set(), made)

    def test_no_variable_of_a_function_holds_a_secret(self):
        # Whoever may describe a function can read its variables; the name of a secret may stand there.
        for path in places.TEMPLATES:
            self.assertNotIn("{{resolve:", path.read_text(), path.name)
        for function, properties in of_type("AWS::Lambda::Function").items():
            for name, value in properties.get("Environment", {}).get("Variables", {}).items():
                if re.search(r"_(KEY|SECRETS?|TOKEN|PASSWORD)$", name):
                    self.assertRegex(value["Fn::Sub"], r"^\$\{Prefix\}/[a-z]+/?$", f"{function}: {name}")


class Values(unittest.TestCase):
    """The root, evaluated: what CloudFormation itself does on AWS."""

    def root(self, **values: str) -> parts.Root:
        return parts.Root(parts.read(places.TEMPLATE), values)

    def test_a_part_comes_after_those_it_takes_from(self):
        order = self.root().order()
        self.assertEqual(sorted(order), sorted(parts.nested(self.root().template)))
        self.assertEqual(order[0], "Stores")
        self.assertLess(order.index("ShortformMachine"), order.index("Workers"))
        self.assertLess(order.index("Api"), order.index("Watch"))

    def test_parameters_are_given_on_and_outputs_are_taken(self):
        root = self.root(Prefix="studio", MediaToolsDir="/tools")
        root.outputs["Stores"] = {"UserPoolId": "pool", "UserPoolClientId": "client"}
        given = root.parameters("Api")
        self.assertEqual((given["Prefix"], given["UserPoolId"], given["LogLevel"]), ("studio", "pool", "info"))
        self.assertEqual(root.parameters("ShortformMachine")["MediaLayerArn"], "")

    def test_only_the_layer_is_made_by_the_root_itself_and_only_on_aws(self):
        self.assertEqual(self.root().own_resources(), ["MediaLayer"])
        self.assertEqual(self.root(MediaToolsDir="/tools").own_resources(), [])

    def test_what_has_no_meaning_here_is_refused(self):
        with self.assertRaises(parts.UnsupportedValue):
            self.root().value({"Fn::ImportValue": "x"})
        with self.assertRaises(parts.UnsupportedValue):
            self.root().value({"Ref": "Nobody"})


class Rights(unittest.TestCase):
    """What the emulator does not check, and what would be written again and again."""

    def statements(self, paths=places.TEMPLATES) -> list[tuple[str, dict]]:
        """Every statement of a role or a managed policy, with its resource's name."""
        found = []
        for name, role in of_type("AWS::IAM::Role", paths).items():
            documents = [policy["PolicyDocument"] for policy in role.get("Policies", [])]
            found += [(name, statement) for document in documents for statement in document["Statement"]]
        for name, policy in of_type("AWS::IAM::ManagedPolicy", paths).items():
            found += [(name, statement) for statement in policy["PolicyDocument"]["Statement"]]
        return found

    def test_every_function_has_a_role_of_its_own(self):
        roles = {name: function["Role"]["Fn::GetAtt"][0] for name, function in of_type("AWS::Lambda::Function").items()}
        self.assertEqual(roles, {name: f"{name}Role" for name in roles})

    def test_no_statement_allows_more_than_named_actions(self):
        for name, statement in self.statements():
            for action in as_list(statement["Action"]):
                self.assertRegex(action, r"^[a-z0-9-]+:[A-Za-z]+$", name)
            self.assertNotIn("*", as_list(statement["Resource"]), name)

    def test_what_three_functions_of_a_part_may_do_for_the_same_reason_is_one_managed_policy(self):
        for path in places.TEMPLATES:
            seen = [str(sorted(statement.items())) for _, statement in self.statements((path,))]
            self.assertEqual({text for text in seen if seen.count(text) > 2}, set(), path.name)

    def test_every_managed_policy_is_used_and_every_used_one_is_ours(self):
        attached = str([role.get("ManagedPolicyArns") for role in of_type("AWS::IAM::Role").values()])
        for name, policy in of_type("AWS::IAM::ManagedPolicy").items():
            own = policy.get("ManagedPolicyName", {}).get("Fn::Sub")
            self.assertIn(f"policy/{own}'" if own else f"{{'Ref': '{name}'}}", attached, name)


class Watched(unittest.TestCase):
    def setUp(self):
        self.alarms = of_type("AWS::CloudWatch::Alarm")
        (dashboard,) = of_type("AWS::CloudWatch::Dashboard").values()
        self.dashboard = dashboard["DashboardBody"]["Fn::Sub"]

    def test_every_alarm_names_a_page_that_names_the_alarm(self):
        for name, alarm in self.alarms.items():
            page = re.search(r"Runbook docs/runbooks/(\S+\.md)$", alarm["AlarmDescription"])
            assert page, name
            alarm_name = alarm["AlarmName"]["Fn::Sub"].replace("${Prefix}", "<stack>")
            self.assertIn(f"`{alarm_name}`", (RUNBOOKS / page[1]).read_text(), name)

    def test_every_page_belongs_to_an_alarm(self):
        told = " ".join(alarm["AlarmDescription"] for alarm in self.alarms.values())
        self.assertEqual([page.name for page in RUNBOOKS.glob("*.md") if page.name not in told], [])

    def test_every_metric_of_an_alarm_is_on_the_dashboard(self):
        for name, alarm in self.alarms.items():
            metric = alarm["MetricName"]
            self.assertIn(f'"{metric if isinstance(metric, str) else metric["Fn::Sub"]}"', self.dashboard, name)
            for dimension in alarm.get("Dimensions", []):
                if dimension["Name"] == "QueueName":
                    self.assertIn(f'"{dimension["Value"]["Fn::Sub"]}"', self.dashboard, name)

    def test_a_metric_of_ours_is_told_apart_by_its_stack(self):
        for name, alarm in self.alarms.items():
            if alarm["Namespace"] == "Reelsmith" and isinstance(alarm["MetricName"], str):
                self.assertEqual(alarm["Dimensions"], [{"Name": "stack", "Value": {"Ref": "Prefix"}}], name)

    def test_every_queue_is_watched_for_its_age_and_its_dead_letters(self):
        queues = {queue["QueueName"]["Fn::Sub"] for queue in of_type("AWS::SQS::Queue").values()}
        watched = {
            (alarm["MetricName"], dimension["Value"]["Fn::Sub"])
            for alarm in self.alarms.values()
            for dimension in alarm.get("Dimensions", [])
            if dimension["Name"] == "QueueName"
        }
        wanted = {
            ("ApproximateNumberOfMessagesVisible" if name.endswith("-dead") else "ApproximateAgeOfOldestMessage", name)
            for name in queues
        }
        self.assertEqual(wanted - watched, set())


if __name__ == "__main__":
    unittest.main()
