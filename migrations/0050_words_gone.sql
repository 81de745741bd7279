-- The words that a fact was read from go when they are gone where they stood: the one thing of a recorded fact that is taken away.
drop trigger only_ends on world.facts;
create trigger only_ends before update on world.facts for each row execute function world.only_ends('stale_at', 'stale_reason', 'review_state', 'quote');
