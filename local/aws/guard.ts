/**
 * Who calls, and what they may: each function signs with an access key id that is its own name, and is held to
 * the statements of its role. The operator's key is the host's own and may do anything.
 */
import { decide, type Statement } from './iam.ts';
import { ACCOUNT, AwsError } from './protocol.ts';

export const OPERATOR = 'operator';

export interface Identity {
  role: string;
  statements: Statement[];
}

/** Throws as AWS does unless `caller` may perform `action` on `resource`. */
export type Guard = (caller: string, action: string, resource: string) => void;

/** Refusals carry the status of their service: 403 from Lambda and API Gateway, 400 from the JSON services. */
export function createGuard(identities: Map<string, Identity>): Guard {
  return (caller, action, resource) => {
    if (caller === OPERATOR) return;
    const identity = identities.get(caller);
    if (!identity) {
      throw new AwsError(
        'UnrecognizedClientException',
        'The security token included in the request is invalid.',
      );
    }
    const decision = decide(identity.statements, action, resource);
    if (decision === 'allowed') return;
    const user = `arn:aws:sts::${ACCOUNT}:assumed-role/${identity.role}/${caller}`;
    const reason =
      decision === 'denied'
        ? 'with an explicit deny in an identity-based policy'
        : `because no identity-based policy allows the ${action} action`;
    throw new AwsError(
      'AccessDeniedException',
      `User: ${user} is not authorized to perform: ${action} on resource: ${resource} ${reason}`,
      {},
      /^(lambda|execute-api):/.test(action) ? 403 : 400,
    );
  };
}
