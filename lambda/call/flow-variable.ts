/** A variable of a call's flow that somebody beside the flow sets. */
import { withVariables } from '../flow/variables.ts';
import { isInFlow } from './in-flow.ts';
import type { Held } from './transitions.ts';

/** Changes nothing where there is no flow any more, or no room. May be repeated. */
export function setFlowVariable({ call, agents }: Held, name: string, value: string): Held {
  if (!isInFlow(call) || call.flow.state.variables[name] === value) return { call, agents };
  const { flow } = call;
  const variables = withVariables(flow.state.variables, { [name]: value });
  if (!variables) return { call, agents };
  return { call: { ...call, flow: { ...flow, state: { ...flow.state, variables } } }, agents };
}
