// Small clients of the interface for tests: each says what it has to say on one connection and answers what came back.
import { createSocket } from 'node:dgram';
import { request } from 'node:http';
import { connect } from 'node:net';

/** Everything that came back until the server closed, or until `lines` lines had come. */
export function sayOverTcp(port: number, text: string | Buffer, { lines = 1, end = false } = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    let heard = '';
    const socket = connect({ port, host: '127.0.0.1' }, () => {
      if (end) socket.end(text);
      else socket.write(text);
    });
    socket.on('data', (chunk: Buffer) => {
      heard += chunk.toString();
      if (heard.split('\r\n').length > lines) socket.destroy();
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(heard));
  });
}

/** The answer to one datagram. */
export function sayOverUdp(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = createSocket('udp4');
    socket.on('message', (data) => {
      socket.close();
      resolve(data.toString());
    });
    socket.on('error', reject);
    socket.send(text, port, '127.0.0.1');
  });
}

/** Status and body of a request with these headers and no others but Host. */
export function askOverHttp(
  port: number,
  path: string,
  {
    headers = {},
    method = 'GET',
    body = '',
  }: { headers?: Record<string, string>; method?: string; body?: string } = {},
): Promise<{ status: number; body: string; headers: NodeJS.Dict<string | string[]> }> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path, method, headers }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => {
        text += chunk.toString();
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: text, headers: response.headers }));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
