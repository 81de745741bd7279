// What the official conformance suite expects of a server under test, by the names it knows. Never part of the Worker.
import {
  completable,
  createMcpHandler,
  inputRequired,
  McpServer,
  ResourceTemplate,
} from "@modelcontextprotocol/server";
import { z } from "zod";
import type { Serve } from "#gateway/mcp/server.ts";

/** A PNG of one pixel and a WAV of no sound. */
const png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==";
const wav = "UklGRiQAAABXQVZFZm10IBAAAAABAAEARKwAAIhYAQACABAAZGF0YQAAAAA=";

const image = { type: "image", data: png, mimeType: "image/png" } as const;
const text = (words: string) => ({ type: "text", text: words }) as const;
const embedded = (uri: string) =>
  ({ type: "resource", resource: { uri, mimeType: "text/plain", text: "Text that travels along." } }) as const;

function addTools(server: McpServer): void {
  const answers = {
    test_simple_text: [text("This is a simple text response for testing.")],
    test_image_content: [image],
    test_audio_content: [{ type: "audio", data: wav, mimeType: "audio/wav" } as const],
    test_embedded_resource: [embedded("test://embedded-resource")],
    test_multiple_content_types: [text("Several kinds:"), image, embedded("test://mixed-content-resource")],
  };
  for (const [name, content] of Object.entries(answers))
    server.registerTool(name, { description: name }, () => ({ content: [...content] }));
  server.registerTool("test_error_handling", { description: "Always fails" }, () => ({
    content: [text("This tool intentionally returns an error for testing")],
    isError: true,
  }));
  server.registerTool("test_tool_with_progress", { description: "Tells how far it is" }, async (ctx) => {
    const progressToken = ctx.mcpReq._meta?.progressToken ?? 0;
    for (const progress of [0, 50, 100])
      await ctx.mcpReq.notify({ method: "notifications/progress", params: { progressToken, progress, total: 100 } });
    return { content: [text("Done.")] };
  });
  addDiagnostics(server);
}

/** What the suite asks of the stateless era in particular. */
function addDiagnostics(server: McpServer): void {
  const messages = [{ role: "user" as const, content: text("Say hello.") }];
  server.registerTool("test_missing_capability", { description: "Needs a client that can sample" }, () =>
    inputRequired({ inputRequests: { hello: inputRequired.createMessage({ messages, maxTokens: 10 }) } }),
  );
  server.registerTool("test_logging_tool", { description: "Logs as loud as it was asked to" }, async (ctx) => {
    await ctx.mcpReq.log("info", "A line of the log");
    return { content: [text("Logged.")] };
  });
  server.registerTool("test_tool_with_logging", { description: "Logs on its way" }, async (ctx) => {
    for (const line of ["started", "working", "done"]) await ctx.mcpReq.log("info", line);
    return { content: [text("Logged thrice.")] };
  });
  server.registerTool("test_streaming_elicitation", { description: "Asks by its result, never on the stream" }, () =>
    inputRequired({
      inputRequests: {
        name: inputRequired.elicit({
          message: "Your name?",
          requestedSchema: { type: "object", properties: { name: { type: "string" } }, required: ["name"] },
        }),
      },
    }),
  );
}

function addResources(server: McpServer): void {
  const mimeType = "text/plain";
  server.registerResource("static text", "test://static-text", { mimeType }, ({ href }) => ({
    contents: [{ uri: href, mimeType, text: "This is the content of the static text resource." }],
  }));
  server.registerResource("static binary", "test://static-binary", { mimeType: "image/png" }, ({ href }) => ({
    contents: [{ uri: href, mimeType: "image/png", blob: png }],
  }));
  const template = new ResourceTemplate("test://template/{id}/data", { list: undefined });
  server.registerResource("template", template, { mimeType: "application/json" }, ({ href }, { id }) => ({
    contents: [{ uri: href, mimeType: "application/json", text: JSON.stringify({ id, data: `Data for ID: ${id}` }) }],
  }));
}

const said = (content: ReturnType<typeof text> | typeof image | ReturnType<typeof embedded>) => ({
  role: "user" as const,
  content,
});

function addPrompts(server: McpServer): void {
  const description = "A prompt of the suite";
  server.registerPrompt("test_simple_prompt", { description }, () => ({
    messages: [said(text("This is a simple prompt for testing."))],
  }));
  const word = () => completable(z.string(), (begun) => ["paris", "park"].filter((known) => known.startsWith(begun)));
  server.registerPrompt(
    "test_prompt_with_arguments",
    { description, argsSchema: z.object({ arg1: word(), arg2: z.string() }) },
    ({ arg1, arg2 }) => ({ messages: [said(text(`Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`))] }),
  );
  server.registerPrompt(
    "test_prompt_with_embedded_resource",
    { description, argsSchema: z.object({ resourceUri: z.string() }) },
    ({ resourceUri }) => ({ messages: [said(embedded(resourceUri)), said(text("Read it."))] }),
  );
  server.registerPrompt("test_prompt_with_image", { description }, () => ({
    messages: [said(image), said(text("Look at it."))],
  }));
}

function fixtures(): McpServer {
  const still = { listChanged: false };
  const server = new McpServer(
    { name: "conformance fixtures", version: "1.0.0" },
    { capabilities: { tools: still, resources: still, prompts: still, logging: {} } },
  );
  addTools(server);
  addResources(server);
  addPrompts(server);
  return server;
}

/** In the place of the verbs, behind the same door. */
export const serveFixtures: Serve = (request, message) =>
  createMcpHandler(fixtures).fetch(request, { parsedBody: message });
