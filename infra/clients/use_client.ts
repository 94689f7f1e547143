// The README's own calls, with the client of @hey-api/openapi-ts.

import { createProject, listProjects } from "./client";
import type { ProjectView } from "./client";

export async function made(): Promise<string | undefined> {
  const { data } = await createProject({
    body: { settings: { keyword: "How bees make honey", duration_s: 20 } },
  });
  return data?.data.id;
}

export async function listed(): Promise<ProjectView[]> {
  const { data } = await listProjects({ query: { limit: 20 } });
  return data?.data.items ?? [];
}
