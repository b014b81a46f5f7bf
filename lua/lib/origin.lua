-- Whose a document is, and which trace it belongs to. A traceparent travels in the field `lanes`, which is read anyway; the usual
-- document has none, and pays nothing.
-- @include document

local origin = {}

-- The traceparent of whoever submitted it, or nil.
function origin.trace_of(doc) return doc.lanes and string.match(doc.lanes, '@(%S+)') end

-- The field `lanes` of what docmill makes of it, which is told of in a trace of its own that refers to this one.
function origin.lanes(trace) return trace and '@' .. trace or '' end

-- What a slot is told: its tenant. Of a traced document also the traceparent, the token of the job's last run (0: there was none)
-- and for how long the job was ready (ms; of an item nobody knows): "@<traceparent> <token> <ms> <tenant>".
function origin.whose(doc, own)
  local tenant = doc.tenant or doc.whose
  local trace = doc.lanes and origin.trace_of(doc)
  if not trace then return tenant end
  local waited = own.ready and math.max(0, own.started - own.ready) or 0
  return string.format('@%s %s %d %s', trace, own.before or '0', waited, tenant)
end
