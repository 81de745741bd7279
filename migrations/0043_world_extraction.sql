-- Facts that were read out of what people said: with the words they were read from.

alter table world.facts add column quote text check (length(quote) between 1 and 2000);
comment on column world.facts.quote is 'The words of its evidence that say so.';

create index edges_override on world.knowledge_edges (project_id, knower) where status in ('unknown', 'false_belief');
