-- The orders of the lists, for readers of a county or more: who sees a whole table walks the index of the order and stops
-- after a page. A reader of a village finds the rows by their area instead and sorts them; the lists write that order so
-- that none of these indexes matches it (src/platform/sorting.ts says why).
-- None is on what changes often: a tube's stations, a box's tubes. Lists of a few thousand rows by nature (rounds, zones,
-- sites, checkpoints, lists of doors, accounts) are sorted as they are read.

create index task_due on task (due_at, id);

create index tube_collected on tube (collected_at, id);
create index box_handed_over on box ((coalesce(handed_over_at, '-infinity')), code);
create index box_received on box ((coalesce(received_at, '-infinity')), code);

create index case_positive on case_record (positive_at, id);
create index positive_tube_resulted on positive_tube (resulted_at, tube_id);

create index contact_identified on contact (identified_at, id);

create index isolation_order_due on isolation_order (due_at, id);
create index isolation_order_ordered on isolation_order (ordered_at, id);
create index isolation_order_planned_end on isolation_order ((coalesce(planned_end_day, 'infinity')), id);
create index transfer_due on transfer (due_at, id);
create index transfer_requested on transfer (requested_at, id);
create index transfer_arrived on transfer ((coalesce(arrived_at, '-infinity')), id);

create index team_member_hours on team_member (minutes_worked, (code || ''));
create index team_member_code on team_member ((code || ''));
create index team_code on team ((code || ''));

create index inbound_declaration_arrives on inbound_declaration (arrives_at, (id::text));

create index door_item_due on door_item (due_at, (id::text));
create index household_need_due on household_need (due_at, (id::text));
create index household_need_asked on household_need (asked_at, (id::text));

create index probe_signal_at on probe_signal (at, id);
create index probe_signal_visit_due on probe_signal (visit_due_at, id);

create index inspection_finding_due on inspection_finding (due_at, id);
create index inspection_finding_order on inspection_finding (found_at, id);
create index inspection_finding_repeats on inspection_finding (repeats, id);

create index supply_request_asked on supply_request (asked_at, (id::text));
create index supply_request_needed on supply_request (needed_by, (id::text));

-- The audit is under no row-level security; who reads a village's lines finds them by the area.
create index audit_area on audit (area_code, at, seq);
