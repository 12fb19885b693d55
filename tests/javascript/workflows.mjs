// Runs the official Dapr SDK for JavaScript, worker and client, against the sidecar at DAPR_GRPC_ENDPOINT.
// Prints one line of JSON: what each scenario gave. The caller knows what each has to give.
import dapr from "@dapr/dapr";
import { randomUUID } from "node:crypto";

const { CommunicationProtocolEnum, DaprClient, DaprWorkflowClient, WorkflowRuntime, WorkflowRuntimeStatus } = dapr;
const endpoint = new URL(process.env.DAPR_GRPC_ENDPOINT);
const options = {
  daprHost: endpoint.hostname,
  daprPort: endpoint.port,
  daprApiToken: process.env.DAPR_API_TOKEN,
};
const run = randomUUID().slice(0, 8);
const seconds = 60;

const runtime = new WorkflowRuntime(options);
const client = new DaprWorkflowClient(options);

// No payload here is 0: the SDK leaves out inputs that are falsy.
let failures = 0;
runtime
  .registerActivityWithName("plusOne", async (_, value) => value + 1)
  .registerActivityWithName("fail", async () => {
    failures++;
    throw new Error("broken");
  })
  .registerWorkflowWithName("chain", async function* (context, count) {
    let value = 1;
    for (let i = 0; i < count; i++) {
      value = yield context.callActivity("plusOne", value);
    }
    return value;
  })
  .registerWorkflowWithName("fanOut", async function* (context, width) {
    const tasks = [];
    for (let i = 1; i <= width; i++) {
      tasks.push(context.callActivity("plusOne", i));
    }
    const results = yield context.whenAll(tasks);
    return results.reduce((sum, value) => sum + value, 0);
  })
  .registerWorkflowWithName("sleep", async function* (context) {
    const before = context.getCurrentUtcDateTime().getTime();
    yield context.createTimer(1);
    return context.getCurrentUtcDateTime().getTime() - before >= 1000;
  })
  .registerWorkflowWithName("listen", async function* (context) {
    context.setCustomStatus("listening");
    const value = yield context.waitForExternalEvent("go");
    return { heard: value };
  })
  .registerWorkflowWithName("first", async function* (context) {
    const event = context.waitForExternalEvent("never");
    const timer = context.createTimer(0.1);
    const winner = yield context.whenAny([event, timer]);
    return winner === timer ? "timer" : "event";
  })
  .registerWorkflowWithName("child", async function* (context, value) {
    return yield context.callActivity("plusOne", value);
  })
  .registerWorkflowWithName("parent", async function* (context, count) {
    const tasks = [];
    for (let i = 1; i <= count; i++) {
      tasks.push(context.callSubWorkflow("child", i, `${context.getWorkflowInstanceId()}-${i}`));
    }
    const results = yield context.whenAll(tasks);
    return results.join();
  })
  .registerWorkflowWithName("countdown", async function* (context, left) {
    if (left === 1) {
      return "one";
    }
    yield context.callActivity("plusOne", left);
    context.continueAsNew(left - 1, true);
  })
  .registerWorkflowWithName("gather", async function* (context, sum) {
    const value = yield context.waitForExternalEvent("add");
    if (sum + value < 10) {
      context.continueAsNew(sum + value, true);
      return;
    }
    return sum + value;
  })
  .registerWorkflowWithName("failing", async function* (context) {
    yield context.callActivity("fail");
  });

const id = (name) => `${name}-${run}`;
const start = (name, input) => client.scheduleNewWorkflow(name, input, id(name));
const end = (name) => client.waitForWorkflowCompletion(id(name), true, seconds);
const shown = (state) => ({
  status: WorkflowRuntimeStatus[state.runtimeStatus],
  output: state.serializedOutput === undefined || state.serializedOutput === "" ? null : JSON.parse(state.serializedOutput),
});

async function complete(name, input) {
  await start(name, input);
  return shown(await end(name));
}

async function useState(prefix, clientOptions) {
  const client = new DaprClient(clientOptions);
  const key = (name) => `${prefix}-${run}-${name}`;
  try {
    await client.state.save("store", [
      { key: key("a"), value: { n: 1 } },
      { key: key("b"), value: "two" },
    ]);
    const before = await client.state.get("store", key("a"));
    await client.state.transaction("store", [
      { operation: "upsert", request: { key: key("c"), value: "three" } },
      { operation: "delete", request: { key: key("b") } },
    ]);
    const bulk = await client.state.getBulk("store", [key("b"), key("c")]);
    await client.state.delete("store", key("a"));
    const after = await client.state.get("store", key("a"));
    const metadata = await client.metadata.get();
    return { before, bulk: bulk.map((item) => item.data ?? ""), after, app: metadata.id };
  } finally {
    await client.stop();
  }
}

const scenarios = {
  activities: () => complete("chain", 5),
  fanOut: () => complete("fanOut", 20),
  timer: () => complete("sleep"),
  whenAny: () => complete("first"),
  children: () => complete("parent", 3),
  continueAsNew: () => complete("countdown", 3),
  async event() {
    await start("listen");
    const state = await client.getWorkflowState(id("listen"), true);
    await client.raiseEvent(id("listen"), "go", { n: 1 });
    return { customStatus: state.customStatus, ...shown(await end("listen")) };
  },
  async carriedEvents() {
    await start("gather", 2);
    for (let i = 0; i < 4; i++) {
      await client.raiseEvent(id("gather"), "add", 2);
    }
    return shown(await end("gather"));
  },
  async failure() {
    await start("failing");
    const state = await end("failing");
    const message = state.workflowFailureDetails.getErrorMessage();
    return { status: WorkflowRuntimeStatus[state.runtimeStatus], told: message.includes("broken"), attempts: failures };
  },
  async terminate() {
    await client.scheduleNewWorkflow("listen", undefined, id("terminated"));
    await client.terminateWorkflow(id("terminated"), "bye");
    return shown(await end("terminated"));
  },
  async suspendAndResume() {
    await client.scheduleNewWorkflow("listen", undefined, id("suspended"));
    await client.suspendWorkflow(id("suspended"));
    const suspended = await client.getWorkflowState(id("suspended"), false);
    await client.resumeWorkflow(id("suspended"));
    await client.raiseEvent(id("suspended"), "go", "back");
    return { before: WorkflowRuntimeStatus[suspended.runtimeStatus], ...shown(await end("suspended")) };
  },
  async purge() {
    await client.scheduleNewWorkflow("chain", 1, id("purged"));
    await end("purged");
    const purged = await client.purgeWorkflow(id("purged"));
    const state = await client.getWorkflowState(id("purged"), false);
    return { purged, gone: state === undefined };
  },
  async idInUse() {
    await client.scheduleNewWorkflow("listen", undefined, id("twice"));
    try {
      await client.scheduleNewWorkflow("listen", undefined, id("twice"));
      return "accepted";
    } catch (error) {
      return error.code;
    } finally {
      await client.terminateWorkflow(id("twice"), null);
    }
  },
  stateOverGrpc: () => useState("g", { ...options, communicationProtocol: CommunicationProtocolEnum.GRPC }),
  stateOverHttp: () => useState("h", { ...options, daprPort: new URL(process.env.DAPR_HTTP_ENDPOINT).port }),
  async scheduled() {
    await client.scheduleNewWorkflow("chain", 1, id("later"), new Date(Date.now() + 1500));
    const before = await client.getWorkflowState(id("later"), false);
    return { before: WorkflowRuntimeStatus[before.runtimeStatus], ...shown(await end("later")) };
  },
};

await runtime.start();
const verdict = {};
for (const [name, scenario] of Object.entries(scenarios)) {
  try {
    verdict[name] = await scenario();
  } catch (error) {
    verdict[name] = { error: String(error) };
  }
}

console.log(`VERDICT ${JSON.stringify(verdict)}`);
await client.stop();
await runtime.stop();
process.exit(0);
