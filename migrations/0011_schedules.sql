-- Schedules: several of one kind in a project, cascades, jitter; and what became of each fire time.

alter table identity.projects add column schedules_digest text;
comment on column identity.projects.schedules_digest is 'Of the declared schedules this project has been given: another one, and the tick looks again.';

alter table shared.scheduled_jobs
  add column name text,
  add column after_kinds text[] not null default '{}',
  add column jitter_seconds int not null default 0 check (jitter_seconds between 0 and 3600),
  add column max_attempts int not null default 5 check (max_attempts between 1 and 20),
  add column origin text not null default 'people' check (origin in ('declared', 'people'));
update shared.scheduled_jobs set name = kind;
alter table shared.scheduled_jobs
  alter column name set not null,
  drop constraint scheduled_jobs_project_id_kind_key,
  drop constraint scheduled_jobs_check,
  add constraint scheduled_jobs_name unique (project_id, name),
  add constraint scheduled_jobs_when check (num_nonnulls(cron, interval_seconds) <= 1
    and (cron is not null or interval_seconds is not null or cardinality(after_kinds) > 0));
create index scheduled_jobs_newest on shared.scheduled_jobs (project_id, created_at desc, id desc);
comment on column shared.scheduled_jobs.name is 'What people call it; one kind of job may have several schedules.';
comment on column shared.scheduled_jobs.kind is 'The job it runs, by the name of its verb.';
comment on column shared.scheduled_jobs.next_run_at is 'The first fire time not yet planned; null: not worked out yet, or it never fires by the clock.';
comment on column shared.scheduled_jobs.after_kinds is 'It also runs when a job of one of these kinds ended well and did something.';
comment on column shared.scheduled_jobs.jitter_seconds is 'A run begins up to so much after its fire time, always by the same amount, so that projects do not all begin at once.';
comment on column shared.scheduled_jobs.version is 'Rises when people change it; a run planned under another version does not begin.';
comment on column shared.scheduled_jobs.origin is 'declared: by the code, for every project; it follows the code until people change it.';

alter table shared.worker_runs
  drop constraint worker_runs_status_check,
  add constraint worker_runs_status_check check (status in ('pending', 'running', 'ok', 'failed', 'skipped', 'poison')),
  alter column status set default 'pending',
  alter column started_at drop not null,
  alter column started_at drop default,
  add column due_at timestamptz not null default shared.clock(),
  add column cause text not null default 'clock' check (cause in ('clock', 'person', 'after')),
  add column schedule_version int not null default 1,
  add column recoveries int not null default 0,
  add column processed_count int,
  add column created_at timestamptz not null default shared.clock();
create index worker_runs_newest on shared.worker_runs (project_id, created_at desc, id desc);
create index worker_runs_pending on shared.worker_runs (project_id, due_at) where status = 'pending';
create index worker_runs_running on shared.worker_runs (lease_until) where status = 'running';
create index worker_runs_poison on shared.worker_runs (project_id, finished_at) where status = 'poison';
comment on column shared.worker_runs.fire_time is 'When the schedule said, or when somebody asked; due_at is when it may begin: later by jitter or a wait between attempts.';
comment on column shared.worker_runs.attempts is 'Times it was begun. Those that ended in an error are told apart from recoveries, whose worker was never heard of again.';
comment on column shared.worker_runs.recoveries is 'Times its lease ran out; too many make it poison, which nobody begins again by himself.';
comment on column shared.worker_runs.cause is 'clock: its schedule; person: somebody asked for it now; after: a run it follows ended well.';
comment on column shared.worker_runs.schedule_version is 'Of the schedule when this was planned.';
comment on column shared.worker_runs.error is 'A code, never words.';

create index outbox_runs_unhanded on shared.outbox (created_at) where kind = 'shared.schedules.run' and state = 'pending' and published_at is null;

-- The daily anchor runs by a schedule now.
drop function if exists shared.ask_anchor(text), shared.unanchored_projects();
update shared.outbox set state = 'done', updated_at = shared.clock() where kind = 'shared.audit.anchor' and state = 'pending';
