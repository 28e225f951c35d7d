import { AppError } from '../../shared/app-error.ts';

export class PlanNotFoundError extends AppError {
  readonly code = 'PLAN_NOT_FOUND';
  override readonly statusCode = 404;

  constructor(incident: string) {
    super(`incident ${incident} has no plan`);
  }
}

export class PlanStepNotFoundError extends AppError {
  readonly code = 'PLAN_STEP_NOT_FOUND';
  override readonly statusCode = 404;

  constructor(plan: string, step: string) {
    super(`plan ${plan} has no step ${step}`);
  }
}

/** The house does it, or is at it. */
export class PlanStepRefusedError extends AppError {
  readonly code = 'PLAN_STEP_REFUSED';
  override readonly statusCode = 409;

  constructor(step: string, state: string) {
    super(`step ${step} is ${state}: it is not for people to tick off`);
  }
}

/** Somebody else changed it at the same moment. */
export class PlanContendedError extends AppError {
  readonly code = 'PLAN_CONTENDED';
  override readonly statusCode = 409;

  constructor(incident: string) {
    super(`the plan of incident ${incident} was changed at the same moment; try again`);
  }
}
