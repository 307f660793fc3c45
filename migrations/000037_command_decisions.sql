-- A decision given in error is taken back with its reason; the row stays, because minutes and reports name it.
alter table decision add column withdrawn_at timestamptz;
alter table decision add column withdrawn_reason text;
alter table decision add constraint decision_withdrawn check ((withdrawn_at is null) = (withdrawn_reason is null));
