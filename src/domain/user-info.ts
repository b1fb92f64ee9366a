/**
 * An address without the name and the password in it: `http://***@host/`. What stands before the last `@` of the host part
 * goes, well-formed or not; an address may lack its scheme.
 */
export function starUserInfo(address: string): string {
  return address.replace(/^([a-z][a-z0-9+.-]*:\/\/)?[^/?#]*@/i, '$1***@');
}
