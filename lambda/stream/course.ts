/**
 * The numbers of a connection's frames as they go by in this container. They grow; some come late, one may be wrong.
 * A carrier that begins to count anew on the same socket would write over what has been heard, where no session looks
 * any more; two frames far behind, near each other, give that away.
 */
import { LOOK_BACK, REACH } from '../media/frame-log.ts';
import { remembered } from './remembered.ts';

interface Course {
  last: number;
  /** Two frames or more agree on it. */
  isSure: boolean;
  /** A frame far from `last`: wrong, or the first of a new course. */
  aside?: number;
}

/** @returns whether the numbers of that connection have gone back with this one */
export type GoesBack = (connection: string, sequence: number) => boolean;

export function createCourses(): GoesBack {
  const courses = remembered<Course>();
  return (connection, sequence) => {
    const before = courses.get(connection);
    courses.set(connection, before ? next(before, sequence) : { last: sequence, isSure: false });
    return before?.isSure === true && isSecond(before, sequence) && isBehind(before, sequence);
  };
}

function next(course: Course, sequence: number): Course {
  const { last, isSure } = course;
  const isFar = isBehind(course, sequence) || sequence > last + REACH;
  if (!isFar) return { last: Math.max(last, sequence), isSure: true };
  return isSecond(course, sequence) ? { last: sequence, isSure: true } : { last, isSure, aside: sequence };
}

const isBehind = ({ last }: Course, sequence: number) => sequence < last - REACH - LOOK_BACK;

const isSecond = ({ aside }: Course, sequence: number) =>
  aside !== undefined && Math.abs(sequence - aside) <= REACH;
