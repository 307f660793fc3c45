-- A decision given in error is taken back with its reason; the decision itself stays, because minutes and reports name it.
create table decision_withdrawal (
  briefing_id uuid not null,
  no integer not null,
  at timestamptz not null,
  withdrawn_by text not null,
  reason text not null,
  primary key (briefing_id, no),
  foreign key (briefing_id, no) references decision (briefing_id, no)
);
select wuyang.append_only('decision_withdrawal');
select wuyang.open('decision_withdrawal');
