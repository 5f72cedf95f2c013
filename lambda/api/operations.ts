/** Every route with its operation; the compiler holds it to the routes that the infrastructure declares. */
import type { CONTROL_ROUTES, OPEN_ROUTES } from '../platform/routes.ts';
import { getAgent, listAgents, registerAgent, removeAgent, setAgentState } from './agents.ts';
import {
  createAssistant,
  deleteAssistant,
  getAssistant,
  listAssistants,
  putAssistant,
} from './assistants.ts';
import { cancelCallback, createCallback, getCallback, listCallbacks } from './callbacks.ts';
import { eraseCall, getCall, listCalls } from './calls.ts';
import { listFlowVersions, publishFlow } from './flow-versions.ts';
import { createFlow, deleteFlow, getFlow, listFlows, putFlow } from './flows.ts';
import { createNumber, deleteNumber, getNumber, listNumbers, putNumber } from './numbers.ts';
import type { Operation } from './operation.ts';
import { placeCall } from './place-call.ts';
import { queueMetrics } from './queue-metrics.ts';
import { queueStatus } from './queue-status.ts';
import { createQueue, deleteQueue, getQueue, listQueues, putQueue } from './queues.ts';
import { flowSchema, health, openapi } from './service.ts';
import { simulateFlow } from './simulate-flow.ts';

type Route = (typeof CONTROL_ROUTES)[number] | (typeof OPEN_ROUTES)[number];

export const operations: Readonly<Record<Route, Operation>> = {
  'POST /agents': registerAgent,
  'GET /agents': listAgents,
  'GET /agents/{number}': getAgent,
  'PATCH /agents/{number}': setAgentState,
  'DELETE /agents/{number}': removeAgent,
  'GET /queue/status': queueStatus,
  'GET /queue/metrics': queueMetrics,
  'POST /queues': createQueue,
  'GET /queues': listQueues,
  'GET /queues/{id}': getQueue,
  'PUT /queues/{id}': putQueue,
  'DELETE /queues/{id}': deleteQueue,
  'POST /numbers': createNumber,
  'GET /numbers': listNumbers,
  'GET /numbers/{id}': getNumber,
  'PUT /numbers/{id}': putNumber,
  'DELETE /numbers/{id}': deleteNumber,
  'POST /assistants': createAssistant,
  'GET /assistants': listAssistants,
  'GET /assistants/{id}': getAssistant,
  'PUT /assistants/{id}': putAssistant,
  'DELETE /assistants/{id}': deleteAssistant,
  'POST /flows': createFlow,
  'GET /flows': listFlows,
  'GET /flows/{id}': getFlow,
  'PUT /flows/{id}': putFlow,
  'DELETE /flows/{id}': deleteFlow,
  'GET /flows/{id}/versions': listFlowVersions,
  'POST /flows/{id}/publish': publishFlow,
  'POST /flows/{id}/simulate': simulateFlow,
  'POST /callbacks': createCallback,
  'GET /callbacks': listCallbacks,
  'GET /callbacks/{id}': getCallback,
  'DELETE /callbacks/{id}': cancelCallback,
  'POST /calls': placeCall,
  'GET /calls': listCalls,
  'GET /calls/{id}': getCall,
  'DELETE /calls/{id}': eraseCall,
  'GET /health': health,
  'GET /openapi.json': openapi(() => operations),
  'GET /flow-schema.json': flowSchema,
};
