/**
 * In place of the SDK's `_shims` (alias in wrangler.toml): a validator of forms that a server sends its users. We send none, and the
 * SDK's own is 8 KiB compressed and builds every schema of the protocol when it is loaded; without it they are built when asked for.
 */
export class DefaultJsonSchemaValidator {
  getValidator(): never {
    throw new Error("this server sends no forms");
  }
}
