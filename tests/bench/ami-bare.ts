// The reference for everything that goes from a phone system through the relay: a process that reads the same bytes of the
// same manager interface and sends each packet on as it is, asking nobody and remembering nothing.
import { connect } from 'node:net';
import { WebSocketServer } from 'ws';

const [amiPort = '0'] = process.argv.slice(2);
const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false });
const socket = connect({ host: '127.0.0.1', port: Number(amiPort), noDelay: true });
let text = '';

socket.on('data', (chunk) => {
  text += chunk.toString();
  for (let end = text.indexOf('\r\n\r\n'); end >= 0; end = text.indexOf('\r\n\r\n')) {
    const packet = text.slice(0, end);
    text = text.slice(end + 4);
    for (const client of server.clients) client.send(packet);
  }
});
socket.write('Action: Login\r\nUsername: sample\r\nSecret: sample-secret\r\n\r\n');
socket.on('error', () => process.exit(1));
server.on('listening', () => {
  const address = server.address();
  process.send?.(typeof address === 'object' && address !== null ? address.port : 0);
});
