/** GET /api/openapi.json: what the admin API takes and answers, for programs. */
import type { Story } from '../../http/endpoint.ts';
import { publicDocument } from '../../http/reply.ts';
import { openApiDocument } from './document.ts';

const maxAgeSeconds = 3_600;

export const openapi: Story = async (request, { config }) =>
  publicDocument(openApiDocument(config), {
    maxAgeSeconds,
    presented: request.header('if-none-match'),
  });
