/** The head of a GET request; headers without a value are left out. */
export function getRequest(path: string, host: string, headers: Readonly<Record<string, string | undefined>>): string {
  let lines = `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nUser-Agent: meshslo\r\n`;
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) lines += `${name}: ${value}\r\n`;
  }
  return `${lines}\r\n`;
}
