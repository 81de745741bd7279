/** Whether an address that somebody typed may be called: our machines' own networks are not reached by naming them. */

/** RFC 6890 special-purpose blocks, and the shared, multicast and future ones; `169.254.169.254` is the clouds' metadata. */
const privateV4 =
  /^(0|10|127)\.|^169\.254\.|^192\.168\.|^192\.0\.0\.|^172\.(1[6-9]|2\d|3[01])\.|^100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|^198\.1[89]\.|^(22[4-9]|23\d|24\d|25[0-5])\./;
/** Unspecified, loopback, unique local, link-local, multicast, and everything that carries an IPv4 address inside. */
const privateV6 = /^\[(::|f[cd]|fe[89ab]|ff|64:ff9b:|2002:)/;
const privateName = /(^|\.)(localhost|local|localdomain|internal|intranet|lan|home|corp|private|arpa)$/;

/** `URL` has made `0x7f.1` and `2130706433` into dotted numbers by now. */
function isPrivateHost(host: string): boolean {
  const name = host.replace(/\.$/, "");
  if (/^\d+\.\d+\.\d+\.\d+$/.test(name)) return privateV4.test(`${name}.`);
  if (name.startsWith("[")) return privateV6.test(name);
  return !name.includes(".") || privateName.test(name);
}

/** The address without its last slash, or null: http(s) only, no name or password in it, private networks only where allowed. */
export function outsideUrl(text: string, allow: { private: boolean }): string | null {
  const url = URL.parse(text);
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password || url.search || url.hash) return null;
  const isPrivate = isPrivateHost(url.hostname.toLowerCase());
  if (isPrivate && !allow.private) return null;
  // A token goes along: unencrypted only to where nobody can listen in.
  if (url.protocol === "http:" && !isPrivate) return null;
  return url.href.replace(/\/+$/, "");
}
