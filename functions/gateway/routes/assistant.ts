/** REST routes of the assistant. */
import {
  capture,
  createLink,
  goals,
  listCaptures,
  listLinks,
  plan,
  problems,
  removeLink,
  tasks,
  undoCapture,
  whyPlanned,
} from "#brain/assistant/index.ts";
import { type Route, route } from "../route.ts";

export const routes = [
  route({ verb: capture, method: "post", path: "/v1/assistant/capture" }),
  route({ verb: listCaptures, method: "get", path: "/v1/assistant/captures", list: true }),
  route({ verb: undoCapture, method: "post", path: "/v1/assistant/captures/{id}/undo" }),
  route({ verb: plan, method: "get", path: "/v1/assistant/plan" }),
  route({ verb: whyPlanned, method: "get", path: "/v1/assistant/plan/why" }),
  route({ verb: tasks.list, method: "get", path: "/v1/assistant/tasks", list: true }),
  route({ verb: tasks.create, method: "post", path: "/v1/assistant/tasks", status: 201 }),
  route({ verb: tasks.get, method: "get", path: "/v1/assistant/tasks/{id}" }),
  route({ verb: tasks.update, method: "patch", path: "/v1/assistant/tasks/{id}" }),
  route({ verb: goals.list, method: "get", path: "/v1/assistant/goals", list: true }),
  route({ verb: goals.create, method: "post", path: "/v1/assistant/goals", status: 201 }),
  route({ verb: goals.get, method: "get", path: "/v1/assistant/goals/{id}" }),
  route({ verb: goals.update, method: "patch", path: "/v1/assistant/goals/{id}" }),
  route({ verb: problems.list, method: "get", path: "/v1/assistant/problems", list: true }),
  route({ verb: problems.create, method: "post", path: "/v1/assistant/problems", status: 201 }),
  route({ verb: problems.get, method: "get", path: "/v1/assistant/problems/{id}" }),
  route({ verb: problems.update, method: "patch", path: "/v1/assistant/problems/{id}" }),
  route({ verb: listLinks, method: "get", path: "/v1/assistant/links", list: true }),
  route({ verb: createLink, method: "post", path: "/v1/assistant/links", status: 201 }),
  route({ verb: removeLink, method: "post", path: "/v1/assistant/links/{id}/remove" }),
] as unknown as Route[];
