-- What is public is found by its words among what is public.

create index facts_public_words on world.facts using gin (project_id, tsv) with (fastupdate = off) where visibility = 0;
