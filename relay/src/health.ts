// What machines that watch over the relay are told, on both listeners: one word, and nothing about lines, people or files.
import type { FastifyInstance } from 'fastify';

/** Answers `GET /healthz`: 200 `ok`, or 503 `store-unavailable` while nothing can be written down. */
export function serveHealth(http: FastifyInstance, canWrite: () => boolean): void {
  http.get('/healthz', async (_request, reply) => {
    if (canWrite()) return { status: 'ok' };
    return reply.code(503).send({ status: 'store-unavailable' });
  });
}
