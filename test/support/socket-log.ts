/** Sockets that are none: every one is open until it is closed, and what is posted is kept. */
import type { Posted, Sockets } from '../../lambda/media/socket.ts';

export class SocketLog {
  readonly posts: { connection: string; text: string }[] = [];
  readonly closed: string[] = [];
  /** What posting comes to. */
  posted: Posted = 'ok';

  readonly sockets: Sockets = {
    post: async (connection, text) => {
      if (this.closed.includes(connection)) return 'gone';
      this.posts.push({ connection, text });
      return this.posted;
    },
    close: async connection => {
      this.closed.push(connection);
    },
    isOpen: async connection => !this.closed.includes(connection),
  };
}
