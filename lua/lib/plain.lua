-- The road of most steps, told in one breath: a job is done, the one step that follows goes on in the same lane, and nothing there
-- comes before it. Whatever else is the matter goes the general way. Both come to the same: a test takes each, and compares.
-- @include document facts plan slot lease served

local plain = {}
local DONE = { 'done' }

local function is_simple(known)
  return not (known.bounded or known.batch or known.model or known.wait_limit or known.total_limit)
end

-- The step that such a step hands its output to, and nothing but its output; false where it is no such step. Worked out once.
-- What maps over a list, or takes one, does not name it among its needs: so neither is of this kind.
local function heir_of(plan, step)
  local known, after = about(plan, step), followers(plan, step)
  if known.heir == nil then
    local heir = after and #after == 1 and after[1].inputs == step and plan['needs:' .. after[1].step] == step and after[1]
    known.heir = heir and not plan.guarded and is_simple(known) and is_simple(about(plan, heir.step)) and heir
  end
  return known.heir
end

-- Nothing is to be said of the lane, and its head, if it has one, comes after this.
local function comes_first(doc, member, lane)
  if redis.call('EXISTS', lane_key(lane), PAUSED) ~= 0 then return false end
  local head = redis.call('ZRANGE', ready_key(lane), '0', '0', 'WITHSCORES')
  local ahead = head[1] and head[2] - score(doc) or 1
  return ahead > 0 or (ahead == 0 and member < head[1])
end

-- Its document, its record, and the job that follows; nil where it is no such job.
local function judge_plain(job, token, lanes, serves)
  local id, step, item = locate(job)
  local doc = not item and holds_only(job, token) and may_claim() and open(id, step)
  if not doc or doc.status ~= 'running' or doc.lanes or doc.revived or not served_of(serves)[doc.pipeline] then return end
  local own, heir = record(doc, step), heir_of(doc.plan, step)
  if not heir or own.state ~= 'leased' or own.token ~= token or heir.lane ~= lanes_of(lanes)[1] then return end
  local member = id .. '/' .. heir.step
  own.step = step
  if comes_first(doc, member, heir.lane) then return doc, own, heir.step, member end
end

-- The answer of `complete`; nil where it is no such job, and then nothing was written.
function plain.hand_on(job, token, output, lanes, serves)
  local doc, own, follower, member = judge_plain(job, token, lanes, serves)
  if not doc then return end
  local from, to, fence = fields_of(own.step), fields_of(follower), next_fence('0')
  redis.call('ZREM', LEASES, job)
  begin_lease(member)
  observe(about(doc.plan, own.step).run, NOW - own.started)
  redis.call('HSET', data_key(doc.id), own.step, output)
  own.attempts, own.finished = text_of(own.attempts + 1), NOW_TEXT
  redis.call('HSET', doc.key, from.state, 'done', from.run, format_run(own), to.state, 'leased', to.run, first_run(fence, slot.name))
  forget(job, token)
  hold_job(member, fence)
  remember(DONE)
  redis.call('XADD', EVENTS, 'MAXLEN', '~', LONGEST_STREAM, '*', job, 'done', member, 'leased')
  return { 'leased', DONE, { { member, fence, doc.pipeline, 1, 1, 0, doc.whose, false, #output <= MOST_INPUT and output } }, '', 0 }
end
