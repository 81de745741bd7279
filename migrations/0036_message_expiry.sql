-- News that is none any more: a message may say until when it is worth sending.

alter table outbound.messages add column expires_at timestamptz;
comment on column outbound.messages.expires_at is 'From then on it says nothing worth knowing and is cancelled as too_late; null: it keeps.';
