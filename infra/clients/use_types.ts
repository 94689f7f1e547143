// The README's own call, in the types of openapi-typescript.

import type { components, operations } from "./types";

export const project: components["schemas"]["CreateProjectRequest"] = {
  settings: { keyword: "How bees make honey", duration_s: 20 },
};

type Answer = operations["list_projects"]["responses"][200]["content"]["application/json"];

export function names(answer: Answer): string[] {
  const projects: components["schemas"]["ProjectView"][] = answer.data.items;
  return projects.map((one) => one.name);
}
