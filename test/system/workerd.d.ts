/** The part of workerd's own module that the tests inside it use; its full types would clash with Node's. */
declare module "cloudflare:workers" {
  export const env: Record<string, string>;
  export const exports: { default: { fetch(url: string, init?: RequestInit): Promise<Response> } };
}
