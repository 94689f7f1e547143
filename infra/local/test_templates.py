"""Tests of the template and its parts, as SAM translates them."""

import functools
import re
import unittest

import places
import templates


@functools.cache
def part(path) -> dict:
    """A part, translated; what it would be without any package."""
    return templates.translated(templates.packaged(path, lambda name: {"Bucket": "packages", "Key": name}))


class Parts(unittest.TestCase):
    def test_the_root_names_every_part_once(self):
        named = list(templates.parts(templates.read(places.TEMPLATE)).values())
        self.assertEqual(sorted(named), sorted(places.TEMPLATES[1:]))

    def test_no_part_has_more_resources_than_it_may(self):
        counts = {path.name: len(part(path)["Resources"]) for path in places.TEMPLATES}
        self.assertEqual({name: count for name, count in counts.items() if count > templates.RESOURCES_MAX}, {}, counts)

    def test_the_root_gives_each_part_exactly_its_parameters(self):
        root = templates.read(places.TEMPLATE)
        for name, path in templates.parts(root).items():
            given = root["Resources"][name]["Properties"]["Parameters"]
            self.assertEqual(sorted(given), sorted(templates.read(path)["Parameters"]), name)

    def test_no_name_is_made_twice(self):
        names = [name for path in places.TEMPLATES[1:] for name in part(path)["Resources"]]
        twice = sorted({name for name in names if names.count(name) > 1})
        self.assertEqual(twice, [])

    def test_every_name_that_a_part_uses_is_made_by_one(self):
        lines = [line for path in places.TEMPLATES for line in path.read_text().splitlines()]
        for used, made in (
            (r"\$\{Prefix\}-([a-z-]*[a-z])", r"Name: !Sub '?\$\{Prefix\}-([a-z-]*[a-z])"),
            (r"/reelsmith/\$\{Prefix\}/([a-z]+)", r"LogGroupName: !Sub '?/reelsmith/\$\{Prefix\}/([a-z]+)"),
            (r"/index/([a-z_]+)", r"IndexName: ([a-z_]+)"),
        ):
            names = {name for line in lines for name in re.findall(made, line)}
            missing = {name for line in lines for name in re.findall(used, line)} - names
            self.assertEqual(missing, set(), made)

    def test_no_variable_of_a_function_holds_a_secret(self):
        # A function's variables can be read by whoever may describe it; a secret's name may stand there.
        for path in places.TEMPLATES:
            self.assertNotIn("{{resolve:secretsmanager", path.read_text(), path.name)
            template = templates.read(path)
            shared = template.get("Globals", {}).get("Function", {})
            functions = [resource["Properties"] for resource in template["Resources"].values()]
            for properties in [shared, *functions]:
                variables = properties.get("Environment", {}).get("Variables", {})
                for name, value in variables.items():
                    if re.search(r"_(KEY|SECRETS?|TOKEN|PASSWORD)$", name):
                        self.assertRegex(str(value), r"\$\{Prefix\}/[a-z]+'\}$", f"{path.name}: {name}")


if __name__ == "__main__":
    unittest.main()
