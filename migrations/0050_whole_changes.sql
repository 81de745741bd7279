-- What a change of facts does to others is looked at when the change is whole, and words that are gone go everywhere.

-- The words that a fact was read from go when they are gone where they stood: the one thing of a recorded fact that is taken away.
drop trigger only_ends on world.facts;
create trigger only_ends before update on world.facts for each row execute function world.only_ends('stale_at', 'stale_reason', 'review_state', 'quote');

-- A fact that is cut short goes on in a row of its own, written after it was ended: until then it would seem to hold no longer.
drop trigger doubt_dependents on world.facts;
create constraint trigger doubt_dependents after update of superseded_at on world.facts deferrable initially deferred
  for each row when (old.superseded_at is null and new.superseded_at is not null) execute function world.doubt_dependents();
