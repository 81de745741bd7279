/** Entry of the Worker: every request goes to the app. */
import { createApp } from "./app.ts";
import { runtimeOf } from "./runtime.ts";

export default createApp(runtimeOf);
